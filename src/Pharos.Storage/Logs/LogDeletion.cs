using Pharos.Storage.Model;

namespace Pharos.Storage.Logs;

/// <summary>What is to be deleted: entries of the matching streams with a time in [<paramref name="StartNs"/>,
/// <paramref name="EndNs"/>], and of these only those that the filter takes, where there is one.</summary>
/// <param name="Id">Under which it was asked for.</param>
/// <param name="Filter">A text that only the server understands and that is kept, so that it holds after a restart; see
/// <see cref="LogStoreOptions.CompileFilter"/>. Empty for every entry.</param>
public sealed record LogDeletion(
    string Id, string Tenant, IReadOnlyList<LabelMatcher> Matchers, long StartNs, long EndNs, string Filter);
