namespace Pharos.Server.Configuration.Web;

/// <summary>The file of <c>--web.config.file</c>, validated.</summary>
internal sealed record WebConfig
{
    /// <summary>Null: connections are in the clear.</summary>
    public WebTlsConfig? Tls { get; init; }

    public bool Http2 { get; init; } = true;

    /// <summary>Null: as often as anybody likes.</summary>
    public WebRateLimit? RateLimit { get; init; }

    /// <summary>Set on every answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>bcrypt hashes of passwords by user; none: nobody has to say who he is.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
