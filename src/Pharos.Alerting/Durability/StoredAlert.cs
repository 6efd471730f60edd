namespace Pharos.Alerting.Durability;

/// <summary>An alert on disk.</summary>
internal sealed record StoredAlert(Dictionary<string, string> Labels, Dictionary<string, string> Annotations,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, string GeneratorUrl, DateTimeOffset UpdatedAt, bool Timeout);
