namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Prometheus counts each kind of its own.</summary>
internal enum PendingKind
{
    Sample,
    Histogram,
    Exemplar,
}
