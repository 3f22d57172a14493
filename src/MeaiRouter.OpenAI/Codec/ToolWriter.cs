using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Tools and the choice among them, as the wire has them.</summary>
internal static class ToolWriter
{
    public static void Write(ChatCompletionRequest request, ChatOptions options, RequestSpelling spelling)
    {
        if (options.Tools is { Count: > 0 } tools)
            request.Tools = [.. request.Tools ?? [], .. Definitions(tools, options)];
        if (request.Tools is not { Count: > 0 })
            return;

        request.ParallelToolCalls ??= options.AllowMultipleToolCalls;
        request.ToolChoice ??= Choice(options.ToolMode, spelling);
    }

    private static IEnumerable<ToolDefinition> Definitions(IList<AITool> tools, ChatOptions options)
    {
        foreach (var tool in tools)
        {
            if (tool is VerbatimTool verbatim)
                yield return verbatim.Definition;
            else if (tool is AIFunctionDeclaration function)
                yield return Definition(function, options);
        }
    }

    private static ToolDefinition Definition(AIFunctionDeclaration function, ChatOptions options)
    {
        // What a caller declared over the wire goes on as he wrote it; only schemas made here are brought into the strict form.
        var isVerbatim = function.GetService<DeclaredFunction>() is not null;
        var own = StrictSchemas.IsAskedFor(function.AdditionalProperties, out var isSaid);
        var strict = isSaid || isVerbatim ? own : StrictSchemas.IsAskedFor(options.AdditionalProperties, out _);
        return new ToolDefinition
        {
            Type = "function",
            Function = new FunctionDefinition
            {
                Name = function.Name,
                Description = string.IsNullOrEmpty(function.Description) ? null : function.Description,
                Parameters = strict == true && !isVerbatim ? StrictSchemas.Of(function) : function.JsonSchema,
                Strict = strict,
            },
            Extra = Verbatim.Unbundle(function.AdditionalProperties),
        };
    }

    private static ToolChoice? Choice(ChatToolMode? mode, RequestSpelling spelling) => mode switch
    {
        null => null,
        NoneChatToolMode => new ToolChoice { Mode = "none" },
        RequiredChatToolMode { RequiredFunctionName: { } name } => new ToolChoice { Function = name },
        RequiredChatToolMode => new ToolChoice { Mode = spelling.RequiredToolChoice },
        _ => new ToolChoice { Mode = "auto" },
    };
}
