namespace Pharos.Alerting.Receivers.Webex;

/// <summary>One entry of <c>webex_configs</c>, global defaults already applied. The bot's token stands in <c>http_config</c>.</summary>
public sealed record WebexOptions
{
    public bool SendResolved { get; init; } = true;

    /// <summary>Not a template.</summary>
    public required string ApiUrl { get; init; }

    public string Message { get; init; } = """{{ template "webex.default.message" . }}""";

    public required string RoomId { get; init; }
}
