namespace Pharos.Collection.Shipping.Stages.Measuring;

/// <summary>What an entry does to a counter or a gauge.</summary>
public enum StageMetricAction
{
    Inc,
    Dec,
    Add,
    Sub,
    Set,
}
