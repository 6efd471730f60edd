namespace Pharos.Alerting.Templates.Functions;

/// <param name="Zone">The zone's abbreviation; null: its offset stands for it.</param>
internal sealed record ZonedTime(DateTimeOffset Time, string? Zone);
