namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Whether to send a request again.</summary>
internal enum SendVerdict
{
    Sent,

    /// <summary>The server or the way to it is at fault: the same request may succeed later.</summary>
    Recoverable,

    /// <summary>The request itself is refused: sending it again cannot help.</summary>
    Refused,

    /// <summary>Nobody waits for the answer any more.</summary>
    Interrupted,
}
