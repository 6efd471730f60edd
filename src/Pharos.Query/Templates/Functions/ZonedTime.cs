namespace Pharos.Query.Templates.Functions;

/// <param name="Zone">The zone's abbreviation; null: its offset stands for it.</param>
public sealed record ZonedTime(DateTimeOffset Time, string? Zone);
