using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>One query of a remote read: a time range (ms, both ends inclusive) and matchers.</summary>
internal sealed record ReadQuery(long StartMs, long EndMs, IReadOnlyList<LabelMatcher> Matchers);
