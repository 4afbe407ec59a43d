# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The recipe's network, for recipe.t and for the demonstration. To be sourced after lib.sh.
#
#    client                     gateway (this shell)                          mail1, mail2
#   10.0.0.9 eth0.204 ===VLAN 204=== bond0.204      lan (bridge) ------ 192.168.0.1, 192.168.0.2
#                                    10.0.0.254     192.168.0.254
#                                    10.0.0.1 (VIP)

topology()
{
	gateway
	node client mail1 mail2
	ip -batch - <<-END || bail "the topology of the gateway"
		link add bond0 type bond mode active-backup miimon 10
		link add wan type veth peer name eth0 netns client
		link set wan master bond0
		link set bond0 up
		link add link bond0 name bond0.204 type vlan id 204
		link set bond0.204 up
		address add 10.0.0.254/24 dev bond0.204
		address add 10.0.0.1/32 dev bond0.204
		link add lan type bridge
		link set lan up
		address add 192.168.0.254/24 dev lan
		link add port1 master lan up type veth peer name eth0 netns mail1
		link add port2 master lan up type veth peer name eth0 netns mail2
	END
	in_netns client <<-END
		link set eth0 up
		link add link eth0 name eth0.204 type vlan id 204
		link set eth0.204 up
		address add 10.0.0.9/24 dev eth0.204
	END
	for i in 1 2; do
		in_netns mail$i <<-END
			link set lo up
			link set eth0 up
			address add 192.168.0.$i/24 dev eth0
			route add default via 192.168.0.254
		END
	done
}

# start N: the SMTP server mailN, its process is ${smtpd[N]}; listens N: does it answer?
start()
{
	[ -n "${way_in[smtpd]-}" ] || open_way smtpd "$HERE/smtpd.py"
	echo "mail$1" >&"${way_in[smtpd]}"
	read -r "smtpd[$1]" <&"${way_out[smtpd]}" || bail "mail$1 does not start"
}
listens() { [ "$(agent -n "mail$1" call -f 1 127.0.0.1 25)" = "mail$1=1" ]; }

smtpd=()

# The recipe, as nf_vip has it.
# shellcheck disable=SC2034	# for the caller
recipe='service mail tcp 10.0.0.1:25 dev bond0.204
backend mail/mail1 192.168.0.1 condition mail1up
backend mail/mail2 192.168.0.2 condition mail2up'
