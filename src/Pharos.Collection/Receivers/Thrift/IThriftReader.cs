namespace Pharos.Collection.Receivers.Thrift;

/// <summary>Reads Thrift values, whatever protocol they are written in, so that a decoder is written once.</summary>
/// <remarks>Implementations are structs over the bytes: a copy is a bookmark. Nothing is believed that the bytes do not bear out: a
/// declared length ends where the bytes end, and a declared number of elements is no larger than what remains could hold.</remarks>
/// <exception cref="InvalidDataException">Thrown by every read where the bytes end early or are no Thrift.</exception>
internal interface IThriftReader
{
    /// <summary>How deep values may stand in each other, as in Apache's libraries.</summary>
    const int MaxDepth = 64;

    /// <summary>Bytes that are not read yet.</summary>
    int Remaining { get; }

    /// <summary>Reads a message's envelope, as far as the struct with the arguments.</summary>
    ThriftMessageType BeginMessage(out ReadOnlySpan<byte> method);

    /// <returns>What <see cref="EndStruct"/> takes.</returns>
    short BeginStruct();

    void EndStruct(short outer);

    /// <summary>Steps to a struct's next field, which is then read or skipped; false at its end.</summary>
    bool NextField(out short id, out ThriftType type);

    /// <summary>Begins a list or a set.</summary>
    /// <returns>How many elements follow.</returns>
    int BeginList(out ThriftType element);

    /// <returns>How many pairs follow.</returns>
    int BeginMap(out ThriftType key, out ThriftType value);

    bool Bool();

    byte Byte();

    short I16();

    int I32();

    long I64();

    double Double();

    ReadOnlySpan<byte> Binary();

    /// <summary>Steps over a value.</summary>
    /// <param name="depth">How deep it stands in what is being skipped.</param>
    void Skip(ThriftType type, int depth = 0);
}
