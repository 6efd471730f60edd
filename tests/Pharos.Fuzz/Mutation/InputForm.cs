namespace Pharos.Fuzz.Mutation;

/// <summary>How a target's input is built, for mutations that keep the building.</summary>
internal enum InputForm
{
    Text,
    Bytes,
    Protobuf,
}
