// A Worker that does nothing but pass on.

export default {
  async fetch(request, { API_BASE_URL }) {
    const { method, headers, body } = request;
    const answer = await fetch(`${API_BASE_URL}${new URL(request.url).pathname}`, { method, headers, body });
    return new Response(answer.body, { status: answer.status });
  },
};
