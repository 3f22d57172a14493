using System.Text.Json;

namespace MeaiRouter.Gateway.Requests;

/// <summary>What a value is, in words for error messages.</summary>
internal static class JsonKind
{
    private const int LongestNumber = 32;

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => value.GetString()!.Length == 0 ? "empty" : "a string",
        JsonValueKind.Number when value.GetRawText() is { Length: <= LongestNumber } text => text,
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
