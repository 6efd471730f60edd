namespace Pharos.Collection.Receivers.Thrift;

/// <summary>What a Thrift message asks for; the numbers are on the wire.</summary>
internal enum ThriftMessageType : byte
{
    Call = 1,
    Reply = 2,
    Exception = 3,
    OneWay = 4,
}
