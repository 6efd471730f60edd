namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>The protobuf message that a remote-write request carries.</summary>
public enum RemoteWriteMessage
{
    /// <summary><c>prometheus.WriteRequest</c>.</summary>
    V1,

    /// <summary><c>io.prometheus.write.v2.Request</c>.</summary>
    V2,
}
