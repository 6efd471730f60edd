namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>The forms of an answer, with the numbers of the protocol.</summary>
internal enum ReadResponseType
{
    /// <summary>One message with all samples.</summary>
    Samples = 0,

    /// <summary>A stream of messages with packed chunks.</summary>
    StreamedXorChunks = 1,
}
