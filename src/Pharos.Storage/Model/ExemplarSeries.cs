namespace Pharos.Storage.Model;

/// <param name="Labels">Of the series.</param>
/// <param name="Exemplars">Oldest first.</param>
public sealed record ExemplarSeries(LabelSet Labels, IReadOnlyList<Exemplar> Exemplars);
