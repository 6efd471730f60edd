namespace Pharos.Cli.Tests;

/// <summary>Lines that are stored of each file.</summary>
internal sealed class ShippedCounts
{
    private volatile IReadOnlyDictionary<string, int> _counts = new Dictionary<string, int>();

    public int Of(string path) => _counts.GetValueOrDefault(path);

    public void Set(IReadOnlyDictionary<string, int> counts) => _counts = counts;
}
