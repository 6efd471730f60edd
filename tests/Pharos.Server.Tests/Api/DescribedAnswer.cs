using System.Text.Json;

namespace Pharos.Server.Tests.Api;

/// <summary>Compares an answer with a schema of the OpenAPI document: types, what is required, and nothing unknown.</summary>
internal static class DescribedAnswer
{
    public static void Check(JsonElement document, string schema, JsonElement answer)
    {
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Check(schemas, schemas.GetProperty(schema), answer, schema);
    }

    private static void Check(JsonElement schemas, JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = schemas.GetProperty(reference.GetString()!.Split('/')[^1]);
        }
        if (schema.TryGetProperty("type", out var type))
        {
            string?[] allowed = type.ValueKind is JsonValueKind.Array
                ? [.. type.EnumerateArray().Select(one => one.GetString())] : [type.GetString()];
            Assert.True(allowed.Any(name => Is(value, name)), $"{at}: {value.ValueKind} is none of {string.Join(", ", allowed)}");
        }
        if (schema.TryGetProperty("enum", out var choices))
        {
            Assert.Contains(value.GetString(), choices.EnumerateArray().Select(choice => choice.GetString()));
        }
        if (value.ValueKind is JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray())
            {
                Check(schemas, items, item, at + "[]");
            }
        }
        if (value.ValueKind is JsonValueKind.Object)
        {
            CheckObject(schemas, schema, value, at);
        }
    }

    private static void CheckObject(JsonElement schemas, JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                Assert.True(value.TryGetProperty(name.GetString()!, out _), $"{at}: {name} is missing");
            }
        }
        foreach (var property in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(property.Name, out var own))
            {
                Check(schemas, own, property.Value, $"{at}.{property.Name}");
            }
            else if (schema.TryGetProperty("additionalProperties", out var rest))
            {
                Assert.True(rest.ValueKind is JsonValueKind.Object, $"{at}.{property.Name} is not described");
                Check(schemas, rest, property.Value, $"{at}.{property.Name}");
            }
        }
    }

    private static bool Is(JsonElement value, string? type) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind is JsonValueKind.Null,
        _ => false,
    };
}
