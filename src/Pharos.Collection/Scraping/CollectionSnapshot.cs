namespace Pharos.Collection.Scraping;

/// <summary>All jobs at one moment, in the order of the configuration.</summary>
public sealed record CollectionSnapshot(IReadOnlyList<ScrapePoolSnapshot> Pools)
{
    public IEnumerable<TargetSnapshot> Active => Pools.SelectMany(pool => pool.Active);
}
