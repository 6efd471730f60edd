using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Files that a discovery and its relabeling have named.</summary>
/// <param name="Pattern">A glob, <c>**</c> for folders at any depth.</param>
/// <param name="Exclude">A glob of files that are left out; empty for none.</param>
/// <param name="Labels">Of the files' entries.</param>
internal sealed record FileTarget(string Pattern, string Exclude, LabelSet Labels, LabelSet Discovered)
{
    /// <summary>Whether a file of this path, were it there, would be a target.</summary>
    public bool Names(string path) => PathGlob.IsMatch(Pattern, path) && !(Exclude.Length > 0 && PathGlob.IsMatch(Exclude, path));
}
