using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Conformance.Tests.Configuration;

/// <summary>Alertmanager's own files: what it loads loads here, what it refuses is refused here with a place.</summary>
public sealed class AlertmanagerConfigTests
{
    private const string Folder = "alertmanager/config/testdata";

    /// <summary>What Alertmanager's tests expect to fail, with the path that our finding names.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["conf.mattermost-both-webhook-url-and-file.yml"] = "global.mattermost_webhook_url_file",
        ["conf.mattermost-no-webhook-url.yml"] = "receivers[0].mattermost_configs[0]",
        ["conf.mattermost-valid-receiver-both-webhook-url-and-file.yml"] = "global.mattermost_webhook_url_file",
        ["conf.nil-match_re-route.yml"] = "route.routes[0].match_re.invalid_label",
        ["conf.nil-source_match_re-inhibition.yml"] = "inhibit_rules[0].source_match_re.invalid_source_label",
        ["conf.nil-target_match_re-inhibition.yml"] = "inhibit_rules[0].target_match_re.invalid_target_label",
        ["conf.opsgenie-both-file-and-apikey.yml"] = "global.opsgenie_api_key_file",
        ["conf.opsgenie-default-apikey-old-team.yml"] = "receivers[0].opsgenie_configs[0].teams",
        ["conf.opsgenie-no-apikey.yml"] = "receivers[0].opsgenie_configs[0]",
        ["conf.rocketchat-both-token-and-tokenfile.yml"] = "global.rocketchat_token_file",
        ["conf.rocketchat-both-tokenid-and-tokenidfile.yml"] = "global.rocketchat_token_id_file",
        ["conf.rocketchat-no-token.yml"] = "receivers[0].rocketchat_configs[0]",
        ["conf.slack-both-file-and-token.yml"] = "global.slack_app_token_file",
        ["conf.slack-both-file-and-url.yml"] = "global.slack_api_url_file",
        ["conf.slack-both-url-and-token.yml"] = "global.slack_app_token",
        ["conf.slack-no-api-url-or-token.yml"] = "receivers[0].slack_configs[0]",
        ["conf.slack-update-message-and-webhook.yml"] = "receivers[0].slack_configs[0].update_message",
        ["conf.smtp-both-password-and-file.yml"] = "global.smtp_auth_password_file",
        ["conf.sns-invalid.yml"] = "receivers[0].sns_configs[0]",
        ["conf.telegram-both-bot-token-and-file.yml"] = "global.telegram_bot_token_file",
        ["conf.telegram-no-bot-token.yml"] = "receivers[0].telegram_configs[0]",
        ["conf.telegram-valid-receiver-both-bot-token-and-file.yml"] = "global.telegram_bot_token_file",
        ["conf.victorops-both-file-and-apikey.yml"] = "global.victorops_api_key_file",
        ["conf.victorops-no-apikey.yml"] = "receivers[0].victorops_configs[0]",
        ["conf.wechat-both-file-and-secret.yml"] = "global.wechat_api_secret_file",
        ["conf.wechat-no-api-secret.yml"] = "receivers[0].wechat_configs[0]",
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
    public void A_file_that_Alertmanager_refuses_is_refused_at_the_key(string name)
    {
        var result = AlertmanagerFile.Read(ConformanceFiles.Path($"{Folder}/{name}"));
        Assert.Null(result.Config);
        Assert.Contains(result.Report.Problems,
            p => p is { Severity: ConfigSeverity.Error, Line: > 0 } && p.Path == Refused[name]);
    }
}
