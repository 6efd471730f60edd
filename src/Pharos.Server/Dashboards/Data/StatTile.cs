namespace Pharos.Server.Dashboards.Data;

/// <param name="Spark">Pairs of time (ms) and value, or null where no line is wanted.</param>
public sealed record StatTile(
    string Name, double? Value, string Text, string Color, IReadOnlyList<IReadOnlyList<double?>>? Spark);
