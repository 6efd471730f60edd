using System.Globalization;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>Small changes of an <c>alertmanager.yml</c> that is good: every key of every receiver, of <c>http_config</c>, <c>global</c>, routes,
/// inhibition and time intervals with values of wrong and right kinds, without what is required, with what excludes each other.</summary>
internal static class OddFiles
{
    /// <summary>By kind: what makes it a good entry, and the keys that are changed besides. Alertmanager 0.25's.</summary>
    private static readonly (string Kind, string[] Base, string Keys)[] Receivers =
    [
        ("webhook", ["url: 'http://h/'"], "url max_alerts send_resolved"),
        ("email", ["to: a@b", "from: c@d", "smarthost: 'h:25'"],
            "to from hello smarthost auth_username auth_password auth_secret auth_identity headers html text require_tls tls_config send_resolved"),
        ("slack", ["api_url: 'http://h/'"], "api_url api_url_file channel username color title title_link pretext text fields short_fields footer fallback "
            + "callback_id icon_emoji icon_url image_url thumb_url link_names mrkdwn_in actions send_resolved"),
        ("pagerduty", ["routing_key: k"], "routing_key routing_key_file service_key service_key_file url client client_url description details images links "
            + "severity class component group send_resolved"),
        ("opsgenie", ["api_key: k"], "api_key api_key_file api_url message description source details entity responders actions tags note priority "
            + "update_alerts send_resolved"),
        ("victorops", ["api_key: k", "routing_key: r"], "api_key api_key_file api_url routing_key message_type state_message entity_display_name "
            + "monitoring_tool custom_fields send_resolved"),
        ("pushover", ["user_key: u", "token: t"], "user_key token title message url url_title sound priority retry expire html send_resolved"),
        ("wechat", ["api_secret: s", "corp_id: c"], "api_secret corp_id api_url to_user to_party to_tag agent_id message message_type send_resolved"),
        ("telegram", ["bot_token: t", "chat_id: 1"], "bot_token api_url chat_id message disable_notifications parse_mode send_resolved"),
        ("discord", ["webhook_url: 'http://h/'"], "webhook_url title message send_resolved"),
        ("webex", ["room_id: r", "http_config: {authorization: {credentials: x}}"], "api_url room_id message send_resolved"),
        ("sns", ["topic_arn: a", "sigv4: {region: us-east-2}"], "api_url sigv4 topic_arn phone_number target_arn subject message attributes send_resolved"),
    ];

    private const string GlobalKeys = "resolve_timeout smtp_from smtp_hello smtp_smarthost smtp_auth_username smtp_auth_password smtp_auth_password_file "
        + "smtp_auth_secret smtp_auth_identity smtp_require_tls slack_api_url slack_api_url_file pagerduty_url opsgenie_api_key opsgenie_api_key_file "
        + "opsgenie_api_url wechat_api_url wechat_api_secret wechat_api_corp_id victorops_api_url victorops_api_key victorops_api_key_file "
        + "telegram_api_url webex_api_url http_config unknown";

    private static readonly string[] Values =
    [
        "", "~", "x", "\"x\"", "1", "-1", "0", "1.5", "true", "yes", "\"true\"", "[]", "{}", "[a]", "[1]", "[[]]", "{a: b}", "{a: 1}", "{a: ~}", "[{}]",
        "[{a: b}]", "\"{{ x }}\"", "5m", "\"5m\"", "5", "1h5", "http://h/x", "ftp://h/", "//h", "\"http://\"", "\"http:///p\"", "\"http://h:x/\"",
        "\"http://[::1]/\"", "\" http://h/\"", "\"http://h/%zz\"", "\"http://a b/\"", "\":\"", "\"h:25\"", "\"h:\"", "\":25\"", "\"a:b:c\"", "0x10", "1e3",
        "2023-01-01", "!!str 5", "99999999999999999999", ".nan",
    ];

    private const string OAuth = "client_id: a, client_secret: b, token_url: http://h";

    private static readonly string[] HttpConfigs =
    [
        "{basic_auth: {}}", "{basic_auth: {username: a}}", "{basic_auth: {username: a, password: b, password_file: c}}", "{basic_auth: {username: a, pass: b}}",
        "{basic_auth: []}", "{basic_auth: x}", "{basic_auth: {username: [a]}}", "{bearer_token: a, bearer_token_file: b}", "{bearer_token_file: a}",
        "{bearer_token: a, basic_auth: {username: a}}", "{bearer_token: '', basic_auth: {username: a}}", "{bearer_token: a, oauth2: {" + OAuth + "}}",
        "{bearer_token_file: a, authorization: {credentials: b}}", "{authorization: {}}", "{authorization: {type: basic}}",
        "{authorization: {type: Basic, credentials: a}}", "{authorization: {type: ' basic '}}", "{authorization: {type: ''}}",
        "{authorization: {credentials: a, credentials_file: b}}", "{authorization: {cred: b}}", "{authorization: []}",
        "{authorization: {credentials: b}, basic_auth: {username: a}}", "{oauth2: {}}", "{oauth2: {client_id: a}}", "{oauth2: {" + OAuth + "}}",
        "{oauth2: {client_id: a, client_secret: b, token_url: h}}", "{oauth2: {" + OAuth + ", client_secret_file: c}}",
        "{oauth2: {" + OAuth + ", scopes: x}}", "{oauth2: {" + OAuth + ", scopes: [x, 1]}}", "{oauth2: {" + OAuth + ", endpoint_params: {a: b}}}",
        "{oauth2: {" + OAuth + ", endpoint_params: {a: [b]}}}", "{oauth2: {" + OAuth + ", tls_config: {x: true}}}",
        "{oauth2: {" + OAuth + ", proxy_url: 'http://p:x'}}", "{oauth2: {" + OAuth + "}, basic_auth: {username: a}}",
        "{oauth2: {" + OAuth + "}, authorization: {credentials: a}}", "{tls_config: {}}", "{tls_config: []}", "{tls_config: {ca_file: a}}",
        "{tls_config: {cert_file: a, key_file: b}}", "{tls_config: {server_name: 1}}", "{tls_config: {insecure_skip_verify: x}}",
        "{tls_config: {insecure_skip_verify: yes}}", "{tls_config: {min_version: TLS12}}", "{tls_config: {min_version: TLS9}}",
        "{tls_config: {min_version: ''}}", "{tls_config: {max_version: TLS12}}", "{tls_config: {unknown: x}}", "{proxy_url: 'http://p:3128'}", "{proxy_url: p}",
        "{proxy_url: 'http://p:x'}", "{proxy_url: ''}", "{proxy_url: 1}", "{proxy_url: [a]}", "{proxy_url: '%zz'}", "{proxy_url: ':'}",
        "{proxy_url: 'http://a b'}", "{proxy_url: 'socks5://h'}", "{proxy_url: '1a:b'}", "{proxy_url: 'a/b:c'}", "{proxy_url: 'http://h/#%z'}",
        "{proxy_url: 'http://[::1'}", "{proxy_url: 'http://u:p@h'}", "{proxy_url: 'http://h?%zz'}", "{proxy_connect_header: {a: [b]}}",
        "{proxy_connect_header: {a: b}}", "{proxy_connect_header: {a: [b]}, proxy_url: 'http://p'}", "{follow_redirects: false}", "{follow_redirects: x}",
        "{follow_redirects: 'false'}", "{enable_http2: off}", "{unknown: 1}", "{}", "~", "[]", "x", "[a]",
    ];

    /// <summary>A kind of receiver, an entry of it, and <c>global</c>.</summary>
    private static readonly string[] Together =
    [
        "slack|{channel: c}|{slack_api_url: 'http://h/'}", "slack|{channel: c}|{slack_api_url: 'http://h/', slack_api_url_file: f}",
        "slack|{api_url: 'http://h/', api_url_file: f}|{}", "opsgenie|{}|{opsgenie_api_key: k}", "opsgenie|{}|{opsgenie_api_key: k, opsgenie_api_key_file: f}",
        "opsgenie|{api_key: k, api_key_file: f}|{}", "victorops|{routing_key: r}|{victorops_api_key: k, victorops_api_key_file: f}",
        "victorops|{routing_key: r}|{victorops_api_key_file: f}", "victorops|{api_key: k}|{}", "wechat|{}|{wechat_api_secret: s}",
        "wechat|{}|{wechat_api_secret: s, wechat_api_corp_id: c}", "email|{to: a}|{smtp_from: b, smtp_smarthost: 'h:1'}", "email|{to: a}|{smtp_from: b}",
        "email|{to: a}|{smtp_smarthost: 'h:1'}", "email|{to: a}|{smtp_from: b, smtp_smarthost: 'h:1', smtp_auth_password: a, smtp_auth_password_file: b}",
        "email|{to: a, from: b, smarthost: 'h:1', headers: {Subject: a, subject: b}}|{}", "email|{to: a, from: b, smarthost: 'h:1', headers: {Subject: [a]}}|{}",
        "pagerduty|{routing_key: a, routing_key_file: b}|{}", "pagerduty|{service_key: a, service_key_file: b}|{}", "pagerduty|{routing_key: a, service_key: b}|{}",
        "pagerduty|{routing_key: a}|{pagerduty_url: ''}", "pagerduty|{routing_key: a, images: [{src: a, alt: b, href: c}]}|{}",
        "pagerduty|{routing_key: a, images: [{source: a}]}|{}", "pagerduty|{routing_key: a, links: [{url: a}]}|{}",
        "pushover|{user_key: a, token: t, retry: 90s, expire: 1m30s}|{}", "pushover|{user_key: a, token: t, retry: 1m30}|{}",
        "pushover|{user_key: a, token: t, expire: 1d}|{}", "pushover|{user_key: a, token: t, expire: -1s}|{}",
        "opsgenie|{api_key: k, responders: [{id: a, type: team}]}|{}", "opsgenie|{api_key: k, responders: [{type: user}]}|{}",
        "opsgenie|{api_key: k, responders: [{name: a, type: x}]}|{}", "opsgenie|{api_key: k, responders: [{name: a, type: '{{ .X }}'}]}|{}",
        "opsgenie|{api_key: k, responders: [{name: a, type: Team}]}|{}", "opsgenie|{api_key: k, responders: [{name: a, type: '{{ bad'}]}|{}",
        "victorops|{api_key: k, routing_key: r, custom_fields: {message_type: x}}|{}", "victorops|{api_key: k, routing_key: r, custom_fields: {entity_id: x}}|{}",
        "victorops|{api_key: k, routing_key: r, custom_fields: {routing_key: x}}|{}", "wechat|{api_secret: s, corp_id: c, message_type: markdown}|{}",
        "wechat|{api_secret: s, corp_id: c, message_type: Text}|{}", "telegram|{bot_token: a, chat_id: 1, parse_mode: html}|{}",
        "telegram|{bot_token: a, chat_id: 1, parse_mode: MarkdownV2}|{}", "telegram|{bot_token: a, chat_id: '-1'}|{}",
        "sns|{topic_arn: a, phone_number: b}|{}", "sns|{topic_arn: a, phone_number: b, target_arn: c}|{}", "sns|{topic_arn: a, sigv4: {access_key: a}}|{}",
        "sns|{topic_arn: a, sigv4: {foo: b}}|{}", "webex|{room_id: r}|{http_config: {authorization: {credentials: x}}}", "webex|{room_id: r}|{}",
        "webex|{room_id: r, http_config: {bearer_token: x}}|{}", "slack|{api_url: 'http://h/', fields: [{title: a, value: b}]}|{}",
        "slack|{api_url: 'http://h/', fields: [{title: a}]}|{}", "slack|{api_url: 'http://h/', fields: [{title: a, value: b, short: x}]}|{}",
        "slack|{api_url: 'http://h/', actions: [{type: button, text: a, url: u}]}|{}", "slack|{api_url: 'http://h/', actions: [{type: button, text: a}]}|{}",
        "slack|{api_url: 'http://h/', actions: [{text: a, url: u}]}|{}",
        "slack|{api_url: 'http://h/', actions: [{type: button, text: a, name: u, confirm: {}}]}|{}",
    ];

    /// <summary>A line of its own below the good route and receiver.</summary>
    private static readonly (string Line, string[] Values)[] Lines =
    [
        ("inhibit_rules: [{equal: $}]", ["[]", "[a]", "[a, b]", "a", "[[]]", "{}"]),
        ("inhibit_rules: [{source_match: $}]", ["{a: b}", "{a: 1}", "[]", "{'a b': c}"]),
        ("inhibit_rules: [{target_match_re: $}]", ["{a: b}", "{a: '['}", "{a: ~}", "{a: ''}"]),
        ("inhibit_rules: [{source_matchers: $}]", ["['a=b']", "['a']", "['a=~[']", "'a=b'", "[]", "['a=\"b']"]),
        ("inhibit_rules: $", ["~", "[]", "{}", "[~]", "[{}]", "[{unknown: 1}]"]),
        ("time_intervals: [{name: t, time_intervals: [{months: [$]}]}]",
            ["0", "13", "'1:13'", "january", "jan", "'January:March'", "'3:1'", "-1", "''", "'1:'", "'1:2:3'", "' 1'", "'1: 2'", "1.5"]),
        ("time_intervals: [{name: t, time_intervals: [{weekdays: [$]}]}]", ["Monday", "mon", "'monday:friday'", "'friday:monday'", "0", "'monday: friday'", "''"]),
        ("time_intervals: [{name: t, time_intervals: [{days_of_month: [$]}]}]",
            ["1", "32", "0", "-31", "-32", "'31:1'", "'-1:-5'", "'1:-1'", "'-1:1'", "a", "'9:-20'", "'8:-20'", "'10:-25'", "''"]),
        ("time_intervals: [{name: t, time_intervals: [{years: [$]}]}]", ["2020", "'2021:2020'", "a", "-1", "'2020:'", "99999999999"]),
        ("time_intervals: [{name: t, time_intervals: [{location: $}]}]", ["UTC", "Local", "Europe/Berlin", "x", "''"]),
        ("time_intervals: [{name: t, time_intervals: [{times: [$]}]}]",
            ["{start_time: '00:00', end_time: '24:00'}", "{start_time: '09:00', end_time: '09:00'}", "{start_time: '9:00', end_time: '10:00'}",
                "{start_time: 09:00, end_time: 10:00}", "{start_time: '09:60', end_time: '10:00'}", "{start_time: '23:59', end_time: '24:01'}",
                "{start_time: '09:00'}", "{}", "{start_time: '09:00', end_time: '10:00', x: 1}"]),
        ("mute_time_intervals: [$]", ["{name: t}", "{}", "{name: ''}", "{name: t, time_intervals: {}}", "{name: t, x: 1}", "{name: t}, {name: t}"]),
        ("templates: $", ["x", "[]", "[1]", "['none/*.tmpl']"]),
        ("$", ["unknown: 1", "global: ~", "global: []", "global: x", "route: {receiver: r}", "receivers: []"]),
    ];

    private static readonly string[] RouteKeys =
        ["continue", "group_wait", "group_interval", "repeat_interval", "match", "match_re", "matchers", "mute_time_intervals", "active_time_intervals", "routes"];

    private static readonly string[] RouteValues =
        ["0", "0s", "-1s", "1m1h", "1.5h", "5 m", "1y", "300y", "['a=b']", "['a']", "['a=~[']", "['a=b', 'c=d']", "[t]", "{a: .*}", "{a: '['}", "{__name__: x}"];

    public static IEnumerable<string> All()
    {
        foreach (var (kind, entry, keys) in Receivers)
        {
            yield return File(kind, Mapping(entry));
            foreach (var left in entry)
            {
                yield return File(kind, Mapping(entry.Where(one => one != left)));
            }
            foreach (var (key, value) in keys.Split(' ').SelectMany(key => Values.Select(value => (key, value))))
            {
                yield return File(kind, Mapping([.. entry.Where(one => !one.StartsWith(key + ":", StringComparison.Ordinal)), $"{key}: {value}"]));
            }
            foreach (var value in (string[])["[]", "{}", "x", "1", "''", "[a]"])
            {
                yield return File(kind, value);
            }
            yield return File(kind, Mapping([.. entry, "unknown: 1"]));
            yield return File(kind, Mapping([.. entry, "send_resolved: true", "send_resolved: false"]));
        }
        foreach (var config in HttpConfigs)
        {
            yield return File("webhook", "{url: 'http://h/'}", $"{{http_config: {config}}}");
            yield return File("slack", $"{{api_url: 'http://h/', http_config: {config}}}");
        }
        foreach (var (key, value) in GlobalKeys.Split(' ').SelectMany(key => Values.Select(value => (key, value))))
        {
            yield return File("webhook", "{url: 'http://h/'}", $"{{{key}: {value}}}");
        }
        foreach (var parts in Together.Select(static text => text.Split('|')))
        {
            yield return File(parts[0], parts[1], parts[2]);
        }
        foreach (var (key, value) in RouteKeys.SelectMany(key => Values.Concat(RouteValues).Select(value => (key, value))))
        {
            yield return $"route: {{receiver: r, routes: [{{{key}: {value}}}]}}\nreceivers: [{{name: r}}]\ntime_intervals: [{{name: t, time_intervals: []}}]\n";
        }
        foreach (var (line, value) in Lines.SelectMany(static line => line.Values.Select(value => (line.Line, value))))
        {
            yield return $"route: {{receiver: r}}\nreceivers: [{{name: r}}]\n{line.Replace("$", value, StringComparison.Ordinal)}\n";
        }
    }

    private static string Mapping(IEnumerable<string> entries) => $"{{{string.Join(", ", entries)}}}";

    private static string File(string kind, string entry, string global = "{}") => string.Create(CultureInfo.InvariantCulture,
        $"global: {global}\nroute: {{receiver: r}}\nreceivers:\n- name: r\n  {kind}_configs:\n  - {entry}\n");
}
