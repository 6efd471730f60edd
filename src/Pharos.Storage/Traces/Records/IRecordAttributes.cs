using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Records;

/// <summary>Looks at attributes as they stand in a record.</summary>
internal interface IRecordAttributes
{
    /// <summary>Reads the value at the reader, or skips it.</summary>
    /// <param name="key">Number of a text.</param>
    /// <returns>Whether it has seen enough.</returns>
    bool Visit(AttributeScopes scope, int key, AttributeKind kind, ref ByteReader reader);
}
