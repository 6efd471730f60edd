namespace Pharos.Server.Api.Events;

/// <summary>A change event of PagerDuty's Events API v2 that is in order.</summary>
/// <param name="Timestamp">Null for now.</param>
internal sealed record PagerDutyChange(string RoutingKey, string Summary, string Source, DateTimeOffset? Timestamp);
