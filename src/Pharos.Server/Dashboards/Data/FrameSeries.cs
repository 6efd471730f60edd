namespace Pharos.Server.Dashboards.Data;

/// <param name="Values">One for each time of the frame; null is a gap.</param>
/// <param name="Calcs">The legend's reducers with their values.</param>
/// <param name="Text">The last value as it is written.</param>
public sealed record FrameSeries(
    string Name, IReadOnlyDictionary<string, string> Labels, string RefId, IReadOnlyList<double?> Values, string Color,
    string Unit, int? Decimals, int YAxis, IReadOnlyDictionary<string, double?> Calcs, string Text);
