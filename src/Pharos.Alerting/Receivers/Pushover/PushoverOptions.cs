using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Pushover;

/// <summary>One entry of <c>pushover_configs</c>. Texts are templates unless said otherwise.</summary>
public sealed record PushoverOptions
{
    /// <summary>Emergency while something fires, normal otherwise.</summary>
    public const string DefaultPriority = """{{ if eq .Status "firing" }}2{{ else }}0{{ end }}""";

    public bool SendResolved { get; init; } = true;

    /// <summary>The service's own address; the configuration file cannot change it.</summary>
    public string ApiUrl { get; init; } = "https://api.pushover.net/1/messages.json";

    public required Secret UserKey { get; init; }

    public required Secret Token { get; init; }

    public string Title { get; init; } = """{{ template "pushover.default.title" . }}""";

    public string Message { get; init; } = """{{ template "pushover.default.message" . }}""";

    public string Url { get; init; } = """{{ template "pushover.default.url" . }}""";

    public string UrlTitle { get; init; } = "";

    public string Device { get; init; } = "";

    public string Sound { get; init; } = "";

    public string Priority { get; init; } = DefaultPriority;

    /// <summary>How often the service repeats an emergency.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the service repeats an emergency that nobody acknowledges.</summary>
    public TimeSpan Expire { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After how long the message disappears from devices; zero: never.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>Whether the message is HTML. Not together with <see cref="Monospace"/>.</summary>
    public bool Html { get; init; }

    public bool Monospace { get; init; }
}
