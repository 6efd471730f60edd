using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>Alertmanager's own files: what it loads loads here, what it refuses is refused here with a place.</summary>
public sealed class AlertmanagerConfigTests
{
    private const string Folder = "alertmanager/config/testdata";

    /// <summary>What Alertmanager's tests expect to fail: the path that our finding names, and the reason that Alertmanager
    /// gives (for an unknown key it says "field teams not found in type config.plain").</summary>
    private static readonly Dictionary<string, (string Path, string Reason)> Refused = new(StringComparer.Ordinal)
    {
        ["conf.mattermost-both-webhook-url-and-file.yml"] = ("global.mattermost_webhook_url_file",
            "at most one of mattermost_webhook_url & mattermost_webhook_url_file must be configured"),
        ["conf.mattermost-no-webhook-url.yml"] = ("receivers[0].mattermost_configs[0]",
            "missing webhook_url or webhook_url_file on mattermost_config"),
        ["conf.mattermost-valid-receiver-both-webhook-url-and-file.yml"] = ("global.mattermost_webhook_url_file",
            "at most one of mattermost_webhook_url & mattermost_webhook_url_file must be configured"),
        ["conf.nil-match_re-route.yml"] = ("route.routes[0].match_re.invalid_label",
            "invalid regexp value for \"invalid_label\""),
        ["conf.nil-source_match_re-inhibition.yml"] = ("inhibit_rules[0].source_match_re.invalid_source_label",
            "invalid regexp value for \"invalid_source_label\""),
        ["conf.nil-target_match_re-inhibition.yml"] = ("inhibit_rules[0].target_match_re.invalid_target_label",
            "invalid regexp value for \"invalid_target_label\""),
        ["conf.opsgenie-both-file-and-apikey.yml"] = ("global.opsgenie_api_key_file",
            "at most one of opsgenie_api_key & opsgenie_api_key_file must be configured"),
        ["conf.opsgenie-default-apikey-old-team.yml"] = ("receivers[0].opsgenie_configs[0].teams",
            "unknown key \"teams\""),
        ["conf.opsgenie-no-apikey.yml"] = ("receivers[0].opsgenie_configs[0]",
            "no global OpsGenie API Key set either inline or in a file"),
        ["conf.rocketchat-both-token-and-tokenfile.yml"] = ("global.rocketchat_token_file",
            "at most one of rocketchat_token & rocketchat_token_file must be configured"),
        ["conf.rocketchat-both-tokenid-and-tokenidfile.yml"] = ("global.rocketchat_token_id_file",
            "at most one of rocketchat_token_id & rocketchat_token_id_file must be configured"),
        ["conf.rocketchat-no-token.yml"] = ("receivers[0].rocketchat_configs[0]",
            "no global Rocketchat Token set either inline or in a file"),
        ["conf.slack-both-file-and-token.yml"] = ("global.slack_app_token_file",
            "at most one of slack_app_token & slack_app_token_file must be configured"),
        ["conf.slack-both-file-and-url.yml"] = ("global.slack_api_url_file",
            "at most one of slack_api_url & slack_api_url_file must be configured"),
        ["conf.slack-both-url-and-token.yml"] = ("global.slack_app_token",
            "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured"),
        ["conf.slack-no-api-url-or-token.yml"] = ("receivers[0].slack_configs[0]",
            "no Slack API URL nor App token set either inline or in a file"),
        ["conf.slack-update-message-and-webhook.yml"] = ("receivers[0].slack_configs[0].update_message",
            "update_message can"),
        ["conf.smtp-both-password-and-file.yml"] = ("global.smtp_auth_password_file",
            "at most one of smtp_auth_password & smtp_auth_password_file must be configured"),
        ["conf.sns-invalid.yml"] = ("receivers[0].sns_configs[0]",
            "must provide either a Target ARN, Topic ARN, or Phone Number for SNS config"),
        ["conf.telegram-both-bot-token-and-file.yml"] = ("global.telegram_bot_token_file",
            "at most one of telegram_bot_token & telegram_bot_token_file must be configured"),
        ["conf.telegram-no-bot-token.yml"] = ("receivers[0].telegram_configs[0]",
            "missing bot_token or bot_token_file on telegram_config"),
        ["conf.telegram-valid-receiver-both-bot-token-and-file.yml"] = ("global.telegram_bot_token_file",
            "at most one of telegram_bot_token & telegram_bot_token_file must be configured"),
        ["conf.victorops-both-file-and-apikey.yml"] = ("global.victorops_api_key_file",
            "at most one of victorops_api_key & victorops_api_key_file must be configured"),
        ["conf.victorops-no-apikey.yml"] = ("receivers[0].victorops_configs[0]",
            "no global VictorOps API Key set"),
        ["conf.wechat-both-file-and-secret.yml"] = ("global.wechat_api_secret_file",
            "at most one of wechat_api_secret & wechat_api_secret_file must be configured"),
        ["conf.wechat-no-api-secret.yml"] = ("receivers[0].wechat_configs[0]",
            "no global Wechat Api Secret set either inline or in a file"),
    };

    public static TheoryData<string> Good => ConformanceFiles.Named(Folder, name => !Refused.ContainsKey(name));

    public static TheoryData<string> Bad => ConformanceFiles.Named(Folder, Refused.ContainsKey);

    [Theory]
    [MemberData(nameof(Good))]
    public void A_file_that_Alertmanager_loads_loads(string name)
    {
        var result = AlertmanagerFile.Read(ConformanceFiles.Path($"{Folder}/{name}"));
        Assert.True(result.Config is not null, string.Join('\n', result.Report.Problems));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_file_that_Alertmanager_refuses_is_refused_at_the_key_for_the_same_reason(string name)
    {
        var path = ConformanceFiles.Path($"{Folder}/{name}");
        var result = AlertmanagerFile.Read(path);
        Assert.Null(result.Config);
        var (key, reason) = Refused[name];
        var problem = Assert.Single(result.Report.Problems, p => p is { Severity: ConfigSeverity.Error } && p.Path == key);
        Assert.StartsWith(reason, problem.Message, StringComparison.Ordinal);
        // The line is the one of the key, or for what is missing the one where the entry begins.
        var line = File.ReadAllLines(path)[problem.Line - 1];
        var last = key[(key.LastIndexOf('.') + 1)..];
        Assert.Contains(last.EndsWith(']') ? "- " : last + ":", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alertmanager/cli/testdata/conf.good.yml")]
    [InlineData("alertmanager/cli/testdata/conf.routing.yml")]
    [InlineData("alertmanager/cli/testdata/conf.routing-reverted.yml")]
    [InlineData("alertmanager/doc/examples/simple.yml")]
    [InlineData("alertmanager/doc/examples/route_labels.yml")]
    [InlineData("alertmanager/examples/ha/alertmanager.yml")]
    public void Its_other_files_load_without_a_word(string file)
    {
        var result = AlertmanagerFile.Read(ConformanceFiles.Path(file));
        Assert.True(result.Config is not null, string.Join('\n', result.Report.Problems));
        // Alertmanager's spans about itself are the one thing that is only checked.
        Assert.All(result.Report.Problems, static problem => Assert.Equal("tracing", problem.Path));
    }

    [Fact]
    public void A_file_that_is_no_configuration_is_refused_where_it_begins()
    {
        var result = AlertmanagerFile.Read(ConformanceFiles.Path("alertmanager/cli/testdata/conf.bad.yml"));
        Assert.Null(result.Config);
        Assert.Contains(result.Report.Problems, static problem => problem is { Severity: ConfigSeverity.Error, Line: 1 });
    }

    /// <summary>The files that amtool takes for its own connection are the <c>http_config</c> of receivers.</summary>
    [Theory]
    [InlineData("http_config.good.yml", null)]
    [InlineData("http_config.basic_auth.good.yml", null)]
    [InlineData("http_config.bad.yml", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead")]
    public void The_http_config_of_a_client_reads_as_that_of_a_receiver(string file, string? reason)
    {
        var text = File.ReadAllLines(ConformanceFiles.Path("alertmanager/cli/config/testdata/" + file));
        var result = AlertmanagerFile.ReadText("/am.yml", "route: {receiver: r}\nreceivers: [{name: r}]\nglobal:\n  http_config:\n" +
            string.Concat(text.Select(static line => $"    {line}\n")));
        Assert.Equal(reason, result.Report.Problems is [var first, ..] ? first.Message : null);
    }
}
