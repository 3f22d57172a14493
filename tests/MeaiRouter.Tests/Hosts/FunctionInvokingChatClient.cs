using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Hosts;

/// <summary>A tool-invoking client such as both hosts put around a chat client unless they find one in it: every call is answered with "rain".</summary>
internal sealed class FunctionInvokingChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatMessage> history = [.. messages];
        while (true)
        {
            var response = await base.GetResponseAsync(history, options, cancellationToken);
            if (!Invoke(history, response.Messages))
                return response;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<ChatMessage> history = [.. messages];
        while (true)
        {
            var updates = new List<ChatResponseUpdate>();
            await foreach (var update in base.GetStreamingResponseAsync(history, options, cancellationToken))
            {
                updates.Add(update);
                yield return update;
            }

            if (!Invoke(history, updates.ToChatResponse().Messages))
                yield break;
        }
    }

    private static bool Invoke(List<ChatMessage> history, IList<ChatMessage> answer)
    {
        var calls = answer.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        history.AddRange(answer);
        if (calls.Count > 0)
            history.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select(call => new FunctionResultContent(call.CallId, "rain"))]));
        return calls.Count > 0;
    }
}
