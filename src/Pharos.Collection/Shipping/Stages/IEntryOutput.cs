namespace Pharos.Collection.Shipping.Stages;

/// <summary>Where a stage puts an entry that it lets through.</summary>
public interface IEntryOutput
{
    void Take(ShippedEntry entry);
}
