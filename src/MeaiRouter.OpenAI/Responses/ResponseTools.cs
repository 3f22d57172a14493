using System.Text.Json;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>Tools and the choice among them, as chat completions say it. Tools that OpenAI runs itself are refused: nobody runs them here.</summary>
internal static class ResponseTools
{
    private const string Function = "function";

    /// <summary>Reads both; a choice that allows some tools leaves the others out.</summary>
    public static (IList<ToolDefinition>? Tools, ToolChoice? Choice) Read(IList<ResponseTool>? tools, JsonElement? choice)
    {
        var definitions = tools is { Count: > 0 } ? tools.Select(static (tool, index) => Read(tool, $"tools[{index}]")).ToList() : null;
        if (choice is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
            return (definitions, null);
        if (given.ValueKind == JsonValueKind.String)
            return (definitions, new ToolChoice { Mode = Mode(given.GetString()!, "tool_choice") });
        if (given.ValueKind != JsonValueKind.Object)
            throw InvalidResponseRequests.Field("tool_choice", "is neither a string nor an object");

        return Text(given, "type") switch
        {
            Function => (definitions, new ToolChoice { Function = Text(given, "name") ?? throw InvalidResponseRequests.Field("tool_choice.name", "is missing") }),
            "allowed_tools" => ReadAllowed(definitions, given),
            null => throw InvalidResponseRequests.Field("tool_choice.type", "is missing"),
            var type => throw InvalidResponseRequests.Refused("tool_choice.type", $"is \"{type}\": it must be \"function\" or \"allowed_tools\"."),
        };
    }

    private static ToolDefinition Read(ResponseTool? tool, string path)
    {
        if (string.IsNullOrEmpty(tool?.Type))
            throw InvalidResponseRequests.Field(path + ".type", "is missing");
        if (tool.Type != Function)
            throw InvalidResponseRequests.Refused($"{path}.type", $"is \"{tool.Type}\": this gateway runs no tools of its own. Declare a \"function\" and answer its calls.");
        if (string.IsNullOrEmpty(tool.Name))
            throw InvalidResponseRequests.Field(path + ".name", "is missing");

        return new ToolDefinition
        {
            Type = Function,
            Function = new FunctionDefinition
            {
                Name = tool.Name,
                Description = tool.Description,
                Parameters = tool.Parameters is { ValueKind: JsonValueKind.Object } parameters ? parameters : null,
                Strict = tool.Strict,
            },
            Extra = tool.Extra,
        };
    }

    private static (IList<ToolDefinition>? Tools, ToolChoice? Choice) ReadAllowed(List<ToolDefinition>? tools, JsonElement choice)
    {
        if (!choice.TryGetProperty("tools", out var allowed) || allowed.ValueKind != JsonValueKind.Array || allowed.GetArrayLength() == 0)
            throw InvalidResponseRequests.Field("tool_choice.tools", "is missing or empty");

        var names = new HashSet<string>();
        foreach (var tool in allowed.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object || Text(tool, "type") != Function || Text(tool, "name") is not { } name)
                throw InvalidResponseRequests.Refused("tool_choice.tools", "must hold objects such as {\"type\":\"function\",\"name\":\"f\"}.");
            if (tools?.Exists(definition => definition.Function!.Name == name) != true)
                throw InvalidResponseRequests.Refused("tool_choice.tools", $"names \"{name}\", which is not among `tools`.");
            names.Add(name);
        }

        return ([.. tools!.Where(tool => names.Contains(tool.Function!.Name!))], new ToolChoice { Mode = Mode(Text(choice, "mode") ?? "auto", "tool_choice.mode") });
    }

    private static string Mode(string mode, string path) => mode is "auto" or "none" or "required"
        ? mode
        : throw InvalidResponseRequests.Refused(path, $"is \"{mode}\": it must be \"auto\", \"none\" or \"required\".");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
