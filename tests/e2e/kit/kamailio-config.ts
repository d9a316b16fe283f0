/**
 * A small office on kamailio 5.6, after its modules' own READMEs: websocket (handshake in `event_route[xhttp:request]`), auth
 * (`pv_*_authenticate`), registrar, dialog with pua_dialoginfo (which publishes what a user is doing) and presence with
 * presence_dialoginfo (which tells it to those who subscribe).
 */
export function kamailioConfig(where: {
  readonly udpPort: number;
  readonly tcpPort: number;
  /** Folder of empty db_text tables. */
  readonly tables: string;
}): string {
  const { udpPort, tcpPort, tables } = where;
  return `#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
children=1
tcp_children=2
disable_tcp=no
auto_aliases=no
alias="pbx.test"
listen=udp:127.0.0.1:${udpPort}
listen=tcp:127.0.0.1:${tcpPort}
tcp_accept_no_cl=yes
tcp_connection_lifetime=3600
tcp_rd_buf_size=16384
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
loadmodule "nathelper.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "dialog.so"
loadmodule "db_text.so"
loadmodule "presence.so"
loadmodule "presence_dialoginfo.so"
loadmodule "pua.so"
loadmodule "pua_dialoginfo.so"
modparam("usrloc", "db_mode", 0)
modparam("nathelper|registrar", "received_avp", "$avp(RECEIVED)")
modparam("presence", "db_url", "text://${tables}")
modparam("presence", "subs_db_mode", 0)
modparam("presence", "publ_cache", 1)
modparam("presence", "send_fast_notify", 1)
modparam("presence", "server_address", "sip:presence@127.0.0.1:${udpPort}")
modparam("presence_dialoginfo", "force_dummy_dialog", 1)
modparam("pua", "db_url", "text://${tables}")
modparam("pua", "db_mode", 0)
modparam("pua", "outbound_proxy", "sip:127.0.0.1:${udpPort}")
modparam("pua_dialoginfo", "include_callid", 1)
modparam("pua_dialoginfo", "include_localremote", 1)

event_route[xhttp:request] {
  if ($hdr(Upgrade) =~ "websocket" && $hdr(Connection) =~ "Upgrade" && $rm =~ "GET") {
    if (ws_handle_handshake()) exit;
  }
  xhttp_reply("404", "Not Found", "", "");
}

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (nat_uac_test(64)) {
    force_rport();
    if (is_method("REGISTER")) { fix_nated_register(); }
    else { add_contact_alias(); }
  }
  # The presence server is this same program, reached over UDP from itself.
  if (is_method("PUBLISH") && $proto == "udp") { handle_publish(); exit; }
  if (is_method("SUBSCRIBE") && $proto == "udp") { handle_subscribe(); exit; }
  if (has_totag()) {
    if (loose_route()) {
      if ($du == "") { handle_ruri_alias(); }
      t_on_reply("WS_REPLY");
      t_relay();
      exit;
    }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not here");
    exit;
  }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  $var(pw) = "secret-" + $fU;
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("pbx.test", "$var(pw)", "0")) { www_challenge("pbx.test", "1"); exit; }
    save("location");
    exit;
  }
  if (!pv_proxy_authenticate("pbx.test", "$var(pw)", "0")) { proxy_challenge("pbx.test", "1"); exit; }
  consume_credentials();
  record_route();
  if (is_method("SUBSCRIBE")) {
    if ($hdr(Event) != "dialog") { sl_send_reply("489", "Bad Event"); exit; }
    $du = "sip:127.0.0.1:${udpPort}";
    t_relay();
    exit;
  }
  if (!is_method("INVITE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
  dlg_manage();
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_on_reply("WS_REPLY");
  t_relay();
}

onreply_route[WS_REPLY] {
  if (nat_uac_test(64)) { add_contact_alias(); }
}
`;
}
