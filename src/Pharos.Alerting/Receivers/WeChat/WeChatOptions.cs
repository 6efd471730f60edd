using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.WeChat;

/// <summary>One entry of <c>wechat_configs</c>, global defaults already applied. Texts are templates unless said otherwise.</summary>
public sealed record WeChatOptions
{
    public const string TextType = "text";
    public const string MarkdownType = "markdown";

    public bool SendResolved { get; init; }

    /// <summary>Not a template; ends in a slash.</summary>
    public required string ApiUrl { get; init; }

    public required Secret ApiSecret { get; init; }

    public required string CorpId { get; init; }

    public string ToUser { get; init; } = """{{ template "wechat.default.to_user" . }}""";

    public string ToParty { get; init; } = """{{ template "wechat.default.to_party" . }}""";

    public string ToTag { get; init; } = """{{ template "wechat.default.to_tag" . }}""";

    public string AgentId { get; init; } = """{{ template "wechat.default.agent_id" . }}""";

    public string Message { get; init; } = """{{ template "wechat.default.message" . }}""";

    /// <summary><see cref="TextType"/> or <see cref="MarkdownType"/>.</summary>
    public string MessageType { get; init; } = TextType;
}
