// In the place of the Apex class: asks the harness's own server.

export default async function openSession({ recordId }) {
  const response = await fetch("session", { method: "POST", body: recordId });
  if (!response.ok) throw new Error("there is no token");
  return response.json();
}
