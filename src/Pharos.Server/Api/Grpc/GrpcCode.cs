namespace Pharos.Server.Api.Grpc;

/// <summary>How a call ended; the numbers are gRPC's.</summary>
internal enum GrpcCode
{
    Ok = 0,
    InvalidArgument = 3,
    NotFound = 5,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}
