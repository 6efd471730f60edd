namespace Pharos.Alerting.Receivers;

/// <summary>One HTTP request of an integration.</summary>
internal sealed record OutgoingRequest(string Url)
{
    public HttpMethod Method { get; init; } = HttpMethod.Post;

    /// <summary>Null: none, and no <c>Content-Type</c>.</summary>
    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>The whole header of this name; it never comes back in a reason.</summary>
    public string? Authorization { get; init; }

    /// <summary>Further headers; their values never come back in a reason.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The header <c>Accept-Language</c>; null: none.</summary>
    public string? Language { get; init; }

    /// <summary>The bound of this request; null: <see cref="HttpIntegration.DefaultTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>A status that this service wants repeated besides 429 and 5xx.</summary>
    public int AlsoRetried { get; init; }

    /// <summary>Finds the pause that a service asks for in the text of its answer; null where only the header counts.</summary>
    public Func<string, TimeSpan?>? PauseIn { get; init; }

    /// <summary>What must not come back in a reason, besides the address.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}
