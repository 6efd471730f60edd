using Pharos.Storage.Model;

namespace Pharos.Storage.Index;

/// <summary>An inverted index: label name, then value, then the ids of the series that carry the pair.</summary>
internal interface IPostingSource
{
    /// <summary>Adds the ids of every series.</summary>
    void AddAll(IdSet into);

    /// <summary>Adds the ids of one pair.</summary>
    void AddIds(string name, string value, IdSet into);

    /// <summary>Adds the ids of every value of the matcher's label that it matches, or does not match.</summary>
    void AddMatching(LabelMatcher matcher, bool wanted, IdSet into, CancellationToken cancellation);
}
