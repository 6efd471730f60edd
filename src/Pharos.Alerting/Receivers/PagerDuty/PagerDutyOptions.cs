using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.PagerDuty;

/// <summary>One entry of <c>pagerduty_configs</c>. Texts are templates unless said otherwise.</summary>
public sealed record PagerDutyOptions
{
    public const string DefaultUrl = "https://events.pagerduty.com/v2/enqueue";

    public bool SendResolved { get; init; } = true;

    /// <summary>The key of the Events API v2. Either this or <see cref="ServiceKey"/> is set.</summary>
    public Secret? RoutingKey { get; init; }

    /// <summary>The key of the old "generic" API (v1).</summary>
    public Secret? ServiceKey { get; init; }

    /// <summary>Not a template. The old API always uses its own address unless another than the default is given.</summary>
    public string Url { get; init; } = DefaultUrl;

    public string Client { get; init; } = """{{ template "pagerduty.default.client" . }}""";

    public string ClientUrl { get; init; } = """{{ template "pagerduty.default.clientURL" . }}""";

    public string Description { get; init; } = """{{ template "pagerduty.default.description" . }}""";

    /// <summary>What the user gave; the four standard details (<c>firing</c>, <c>resolved</c>, <c>num_firing</c>,
    /// <c>num_resolved</c>) are added where missing.</summary>
    public IReadOnlyDictionary<string, TemplatedNode> Details { get; init; } = new Dictionary<string, TemplatedNode>();

    public IReadOnlyList<PagerDutyImage> Images { get; init; } = [];

    public IReadOnlyList<PagerDutyLink> Links { get; init; } = [];

    /// <summary>Empty: <see cref="Client"/>.</summary>
    public string Source { get; init; } = "";

    /// <summary>Empty: <c>error</c>.</summary>
    public string Severity { get; init; } = "";

    public string Class { get; init; } = "";

    public string Component { get; init; } = "";

    public string Group { get; init; } = "";

    public TimeSpan? Timeout { get; init; }
}
