using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace Samples.Quickstart;

/// <summary>Plays scenes and shows each answer as it comes, with how it came about.</summary>
internal sealed class Scenes(IChatClient client)
{
    /// <summary>Plays a scene; whether it was answered.</summary>
    public async Task<bool> PlayAsync(Scene scene)
    {
        var messages = new List<ChatMessage> { new(ChatRole.User, scene.Prompt) };
        try
        {
            while (true)
            {
                var response = scene.IsStreamed ? await StreamAsync(messages, scene.Options) : await AskAsync(messages, scene.Options);
                RouteView.Show(response.GetRouteTrace()!);
                if (!await CallToolsAsync(response, messages, scene.Options))
                    return true;
            }
        }
        catch (RouterException exception)
        {
            AnsiConsole.MarkupLine($"[red]{exception.Kind}[/] {Markup.Escape(exception.Message)}");
            return false;
        }
    }

    private async Task<ChatResponse> AskAsync(List<ChatMessage> messages, ChatOptions options)
    {
        var response = await client.GetResponseAsync(messages, options);
        if (response.Text.Length > 0)
            AnsiConsole.MarkupLine($"[green]{Markup.Escape(response.Text)}[/]");
        return response;
    }

    private async Task<ChatResponse> StreamAsync(List<ChatMessage> messages, ChatOptions options)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(messages, options))
        {
            updates.Add(update);
            if (update.GetRouteAttempt() is { } attempt)
                AnsiConsole.MarkupLine($"[grey]{Markup.Escape(attempt.Provider)} begins to answer[/]");
            foreach (var content in update.Contents)
                Write(content);
        }

        AnsiConsole.WriteLine();
        return updates.ToChatResponse();
    }

    private static void Write(AIContent content)
    {
        if (content is TextReasoningContent reasoning)
            AnsiConsole.Markup($"[grey italic]{Markup.Escape(reasoning.Text)}[/]");
        else if (content is TextContent text)
            AnsiConsole.Markup($"[green]{Markup.Escape(text.Text)}[/]");
    }

    /// <summary>Calls what the model asked for and appends the results; whether there was anything to call.</summary>
    private static async Task<bool> CallToolsAsync(ChatResponse response, List<ChatMessage> messages, ChatOptions options)
    {
        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        if (calls.Count == 0)
            return false;

        messages.AddRange(response.Messages);
        foreach (var call in calls)
        {
            var tool = options.Tools!.OfType<AIFunction>().First(tool => tool.Name == call.Name);
            var result = await tool.InvokeAsync(new AIFunctionArguments(call.Arguments));
            AnsiConsole.MarkupLine($"[blue]{Markup.Escape(call.Name)}({Markup.Escape(string.Join(", ", call.Arguments!.Values))})[/] = {Markup.Escape(result?.ToString() ?? "")}");
            messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
        }

        return true;
    }
}
