namespace Pharos.Storage.Model;

/// <summary>What an exposition says of a metric family: type (<c>counter</c>, <c>gauge</c>, ... or <c>unknown</c>), help, unit.</summary>
public sealed record MetricMetadata(string Type, string Help, string Unit)
{
    public const string Unknown = "unknown";

    /// <summary>A series' labels with its type and unit among them, where they are known: Prometheus' feature
    /// <c>type-and-unit-labels</c>.</summary>
    public LabelSet Describe(LabelSet series)
    {
        var typed = Type.Length > 0 && Type != Unknown ? series.With(Label.MetricType, Type) : series;
        return Unit.Length > 0 ? typed.With(Label.MetricUnit, Unit) : typed;
    }
}
