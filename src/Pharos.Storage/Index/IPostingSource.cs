namespace Pharos.Storage.Index;

/// <summary>An inverted index: label name, then value, then the sorted ids of the series that carry the pair.</summary>
internal interface IPostingSource
{
    /// <summary>The ids of every series, sorted.</summary>
    ulong[] AllIds();

    /// <summary>Every value of a label, in any order; empty where no series has the label.</summary>
    IReadOnlyCollection<string> Values(string name);

    /// <summary>Adds the sorted ids of one pair to the end of <paramref name="into"/>.</summary>
    void AddIds(string name, string value, List<ulong> into);
}
