namespace Pharos.Collection.Receivers.Thrift;

/// <summary>What a Thrift value is; the numbers are those of the binary protocol.</summary>
internal enum ThriftType : byte
{
    Stop = 0,
    Bool = 2,
    Byte = 3,
    Double = 4,
    I16 = 6,
    I32 = 8,
    I64 = 10,

    /// <summary>Text and bytes, which look alike on the wire.</summary>
    Binary = 11,
    Struct = 12,
    Map = 13,
    Set = 14,
    List = 15,
    Uuid = 16,
}
