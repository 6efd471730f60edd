using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Cluster;

/// <summary>What a node does with what it learns. Called by one thread at a time.</summary>
internal interface IClusterDuty
{
    /// <summary>Takes in what other nodes have changed, of <see cref="SharedCollections.All"/>.</summary>
    void Receive(IReadOnlyList<SharedChange> changes);

    /// <summary>Makes ready to lead; nothing may be sent yet.</summary>
    /// <param name="quietSince">Until then somebody has led.</param>
    /// <param name="isOwnMemory">Whether nobody else has led since this node did: its memory is newer than the store.</param>
    /// <exception cref="IOException">The state cannot be read: it is tried again.</exception>
    void Prepare(DateTimeOffset quietSince, bool isOwnMemory);

    /// <summary>From here on the node leads.</summary>
    void Lead();

    /// <summary>From here on it does not, until it is prepared again.</summary>
    void Follow();
}
