namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>How the Thrift of a UDP port is written.</summary>
public enum UdpProtocol
{
    /// <summary>Port 6831.</summary>
    Compact,

    /// <summary>Port 6832, which Node's clients use.</summary>
    Binary,
}
