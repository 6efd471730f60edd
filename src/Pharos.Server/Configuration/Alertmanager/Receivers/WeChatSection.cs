using Pharos.Alerting.Receivers.WeChat;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>wechat_configs</c>.</summary>
internal static class WeChatSection
{
    private static readonly WeChatOptions Defaults = new() { ApiUrl = "", ApiSecret = Secret.Inline(""), CorpId = "" };

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var secret = map.SecretOrFile("api_secret", "api_secret_file") ?? global.WeChatApiSecret;
        var corporation = map.Text("corp_id") is { Length: > 0 } own ? own : global.WeChatApiCorpId;
        var type = map.Text("message_type") is { Length: > 0 } given ? given : WeChatOptions.TextType;
        map.ErrorUnless(secret is not null, "api_secret", "no global Wechat Api Secret set either inline or in a file");
        map.ErrorUnless(secret is null || corporation.Length > 0, "corp_id", "no global Wechat CorpID set");
        map.ErrorUnless(type is WeChatOptions.TextType or WeChatOptions.MarkdownType, "message_type",
            $"weChat message type {YamlValue.Echo(type)} does not match valid options ^(text|markdown)$");
        var options = Defaults with
        {
            SendResolved = map.Flag("send_resolved", Defaults.SendResolved),
            ApiUrl = ApiUrl.AsFolder(ApiUrl.Read(map, "api_url", global.WeChatApiUrl)),
            ApiSecret = secret ?? Defaults.ApiSecret,
            CorpId = corporation,
            ToUser = map.Text("to_user", Defaults.ToUser),
            ToParty = map.Text("to_party", Defaults.ToParty),
            ToTag = map.Text("to_tag", Defaults.ToTag),
            AgentId = map.Text("agent_id", Defaults.AgentId),
            Message = map.Text("message", Defaults.Message),
            MessageType = type,
        };
        return new IntegrationConfig(options, http, setup => new WeChatNotifier(options, setup));
    }
}
