namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary>How many entries <c>limit</c> lets through.</summary>
/// <param name="Rate">Entries a second.</param>
/// <param name="Drop">Whether what is too much is dropped; otherwise the source waits.</param>
/// <param name="ByLabel">Each value of this label has its own limit, where it is not empty.</param>
public sealed record LimitOptions(double Rate, int Burst, bool Drop, string ByLabel, int MaxDistinctLabels);
