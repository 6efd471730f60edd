using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Results;

public sealed record LogResultStream(LabelSet Labels, IReadOnlyList<LogResultEntry> Entries);
