using Pharos.Server.Checks;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Server.Tests.Checks;

public sealed class ReceiverCheckTests : IDisposable
{
    /// <summary>Every kind, with the least it needs, and a text that can be a template.</summary>
    private static readonly Dictionary<string, (string Entry, string Field)> Kinds = new(StringComparer.Ordinal)
    {
        ["webhook"] = ("url: 'http://127.0.0.1:1/'", ""),
        ["email"] = ("to: a@example.org, from: b@example.org, smarthost: '127.0.0.1:1'", "html"),
        ["pagerduty"] = ("routing_key: k", "description"),
        ["opsgenie"] = ("api_key: k", "message"),
        ["wechat"] = ("api_secret: s, corp_id: c", "message"),
        ["slack"] = ("api_url: 'http://127.0.0.1:1/', channel: '#a'", "text"),
        ["victorops"] = ("api_key: k, routing_key: r", "state_message"),
        ["pushover"] = ("user_key: u, token: t", "message"),
        ["sns"] = ("topic_arn: 'arn:aws:sns:us-east-2:1:a', sigv4: {region: us-east-2, access_key: a, secret_key: b}", "message"),
        ["telegram"] = ("bot_token: t, chat_id: 1", "message"),
        ["discord"] = ("webhook_url: 'http://127.0.0.1:1/'", "message"),
        ["webex"] = ("room_id: r, http_config: {authorization: {credentials: c}}", "message"),
        ["msteams"] = ("webhook_url: 'http://127.0.0.1:1/'", "text"),
        ["msteamsv2"] = ("webhook_url: 'http://127.0.0.1:1/'", "text"),
        ["jira"] = ("api_url: 'http://127.0.0.1:1/', project: P, issue_type: Bug, http_config: {authorization: {credentials: c}}", "summary"),
        ["rocketchat"] = ("token: t, token_id: i, channel: '#a'", "text"),
        ["mattermost"] = ("webhook_url: 'http://127.0.0.1:1/', channel: a", "text"),
        ["incidentio"] = ("url: 'http://127.0.0.1:1/', alert_source_token: t", ""),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-receivers-").FullName;

    public static TheoryData<string> Names => [.. IntegrationKinds.All.Select(kind => kind.Name)];

    public static TheoryData<string> NamesWithTexts => [.. IntegrationKinds.All.Select(kind => kind.Name).Where(name => Kinds[name].Field.Length > 0)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_is_tried_and_its_own_texts_are_right(string kind) => Assert.Empty(Problems(Receiver(kind, "")));

    [Theory]
    [MemberData(nameof(NamesWithTexts))]
    public void A_template_that_fails_is_named_for_every_kind(string kind)
    {
        var problem = Assert.Single(Problems(Receiver(kind, $", {Kinds[kind].Field}: '{{{{ template \"absent\" . }}}}'"), field: Kinds[kind].Field));
        Assert.Equal(ConfigSeverity.Error, problem.Severity);
        Assert.Equal($"receivers[0].{kind}_configs[0].{Kinds[kind].Field}", problem.Path);
        Assert.Contains("absent", problem.Message, StringComparison.Ordinal);
        Assert.Equal(4, problem.Line);
    }

    [Fact]
    public void What_fails_only_when_all_is_over_is_found_too() => Assert.Contains("text",
        Assert.Single(Problems(Receiver("slack", ", send_resolved: true, text: '{{ if eq .Status \"resolved\" }}{{ template \"no\" . }}{{ end }}'"))).Path,
        StringComparison.Ordinal);

    [Fact]
    public void A_template_file_is_read()
    {
        File.WriteAllText(Path.Combine(_folder, "a.tmpl"), "{{ define \"mine\" }}{{ .Status }}{{ end }}");
        Assert.Empty(Problems(Receiver("slack", ", text: '{{ template \"mine\" . }}'") + "templates: ['*.tmpl']\n"));
        File.WriteAllText(Path.Combine(_folder, "b.tmpl"), "{{ define \"mine\" }}{{ .Status }}");
        Assert.Equal("templates", Assert.Single(Problems(Receiver("slack", "") + "templates: ['*.tmpl']\n")).Path);
    }

    [Fact]
    public void Where_template_files_are_absent_it_is_a_warning() => Assert.Equal(ConfigSeverity.Warning,
        Assert.Single(Problems(Receiver("slack", ", text: '{{ template \"mine\" . }}'") + "templates: ['/nowhere/*.tmpl']\n")).Severity);

    private static string Receiver(string kind, string more) =>
        $"route: {{receiver: a}}\nreceivers:\n- name: a\n  {kind}_configs: [{{{Kinds[kind].Entry}{more}}}]\n";

    private List<ConfigProblem> Problems(string text, string? field = null)
    {
        var path = Path.Combine(_folder, "alertmanager.yml");
        File.WriteAllText(path, text);
        return [.. ConfigCheck.Run([path]).Files.Single().Problems
            .Where(problem => field is null || problem.Path.EndsWith("." + field, StringComparison.Ordinal))];
    }
}
